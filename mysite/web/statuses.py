"""The statuses that the site answers with, in the words of the RFCs.

Python's own words for them change from one version to the next ("Unprocessable Entity" became "Unprocessable Content").
Source: RFC 9110, section 15; 431 is of RFC 6585, section 5. Seen 2026-12-01.
"""

PHRASES = {
    100: "Continue",
    200: "OK", 201: "Created", 204: "No Content", 206: "Partial Content",
    303: "See Other", 304: "Not Modified", 307: "Temporary Redirect",
    400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
    406: "Not Acceptable", 408: "Request Timeout", 409: "Conflict", 413: "Content Too Large", 414: "URI Too Long",
    415: "Unsupported Media Type", 416: "Range Not Satisfiable", 421: "Misdirected Request",
    422: "Unprocessable Content", 431: "Request Header Fields Too Large",
    500: "Internal Server Error", 501: "Not Implemented", 503: "Service Unavailable", 505: "HTTP Version Not Supported",
}  # fmt: skip


def phrase(status: int) -> str:
    """The words for a status; of one that the site does not send "Unknown"."""
    return PHRASES.get(status, "Unknown")
