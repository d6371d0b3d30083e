"""What tests of several parts of the system under study share."""

from tests.mysite.shared_server import new_database, shared_server

__all__ = ["new_database", "shared_server"]
