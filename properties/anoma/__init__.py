"""What must hold of Anoma's engines."""
