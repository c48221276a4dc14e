"""AuthorityState: it keeps all versions of all objects, executes certificates, changes epochs."""
