"""An election: the worked example of the engine formalism, and the place to read it first."""
