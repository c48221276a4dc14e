"""What must hold: named properties, monitors, serializability checkers."""
