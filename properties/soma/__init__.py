"""What must hold of Soma's engines, and what should happen in some run of theirs."""
