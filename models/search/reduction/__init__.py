"""The search of a part of the states that shows all that rests, and all that single engines do."""
