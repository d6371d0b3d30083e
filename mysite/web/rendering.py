"""Models of pages made into HTML by the templates, which escape whatever they are given."""

from datetime import date, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

HERE = Path(__file__).parent
STATIC = HERE / "static"


def day(text: str) -> str:
    """A day of the data set as it is read: "2025-03-01" is "1 March 2025"."""
    moment = date.fromisoformat(text)
    return f"{moment.day} {moment:%B} {moment.year}"


def moment(text: str) -> str:
    """A moment of the data set as it is read: "2025-03-01T14:05" is "1 March 2025, 14:05"."""
    return f"{day(text.partition('T')[0])}, {datetime.fromisoformat(text):%H:%M}"


def month(text: str) -> str:
    """A month as it is read: "2025-03" is "March 2025"."""
    return f"{date.fromisoformat(text + '-01'):%B %Y}"


def quantity(count: int, one: str, many: str) -> str:
    """A count with its noun: "1 post", "1,060 posts"."""
    return f"{count:,} {one if count == 1 else many}"


def initials(name: str) -> str:
    """The first letters of a name's first two words: for more there is no room."""
    return "".join(word[0] for word in name.split()[:2])


templates = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
templates.filters |= {"day": day, "moment": moment, "month": month, "quantity": quantity, "initials": initials}


def render(template: str, **values: object) -> bytes:
    """The HTML of a template in UTF-8; what it names must be among the values."""
    return templates.get_template(template).render(values).encode()
