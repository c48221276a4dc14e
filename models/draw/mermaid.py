"""A run as a Mermaid sequence diagram."""

from models.draw.run import Run


def mermaid(run: Run) -> str:
    """The sequence diagram of a run."""
    return f"sequenceDiagram\n%% {len(run.steps)} steps\n"
