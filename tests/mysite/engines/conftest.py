"""Every test of an engine has a directory for temporary files that PostgreSQL's user can enter."""

from tests.mysite.open_to_all import temporary

__all__ = ["temporary"]
