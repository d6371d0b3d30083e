"""Names: the zone mysite.com, the server that answers for it, and the stub resolver that asks."""
