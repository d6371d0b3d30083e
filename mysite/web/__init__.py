"""The web application: a small social site on one store, with a cache of finished pages beside it."""
