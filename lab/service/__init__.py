"""A web server whose work is known: so many servers, so many places to wait, and service times drawn before."""
