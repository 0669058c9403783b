"""The $management node of an entity: what clients ask for outside of links."""
