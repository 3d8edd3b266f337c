"""The pluggable side: the interface of an algorithm, the registry, and the algorithms that ship."""
