"""How fast the searches are, on built-in models, each run in a fresh process."""
