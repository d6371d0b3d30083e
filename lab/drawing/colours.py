"""The book's colours: the one place where they are written. The site's CSS variables are made from it.

A token is what a colour stands for. Figures name tokens, never colours, so that one SVG serves light and dark.
"""

from collections.abc import Mapping

# token: (light, dark, what it stands for)
TOKENS: Mapping[str, tuple[str, str, str]] = {
    "paper": ("#fbf9f4", "#11151c", "the page"),
    "panel": ("#fffdf8", "#171c25", "a figure, an explorer, the inside of an empty vessel"),
    "ink": ("#1c2330", "#e6e9ef", "text; theory in a plot; browsers and phones"),
    "soft": ("#596274", "#a3acbc", "secondary text; what was recorded earlier"),
    "rule": ("#ddd7ca", "#2c3442", "lines that carry no meaning"),
    "web": ("#2456b8", "#8db4ff", "the web tier and requests; the reader's own run"),
    "data": ("#00695c", "#5fd0bf", "the data tier and queries"),
    "cache": ("#96590a", "#f0b35a", "caches"),
    "name": ("#6d3fb0", "#c4a3ff", "names and the Domain Name System"),
    "full": ("#b3261e", "#ff8a80", "full, failed"),
}

# How strongly a vessel's content, or a shaded range, covers the panel: text in the same colour stays legible on it.
TINT = 0.14


def light(token: str) -> str:
    """Return the token's colour in light mode, such as '#2456b8'. KeyError names the tokens there are."""
    if token not in TOKENS:
        raise KeyError(f"no colour is called {token!r}; the tokens are {', '.join(TOKENS)}")
    return TOKENS[token][0]


def variable(token: str) -> str:
    """Return the CSS value that follows the page's mode, and is the light colour where no page sets one."""
    return f"var(--{token},{light(token)})"


def in_jupyterlab(elements: str) -> str:
    """Return the style sheet that gives these elements the dark colours where JupyterLab's theme is dark.

    elements  a CSS selector; outside of JupyterLab the sheet does nothing
    """
    night = ";".join(f"--{token}:{dark}" for token, (_, dark, _) in TOKENS.items())
    return f"[data-jp-theme-light=false] :is({elements}){{color-scheme:dark;{night}}}"


def luminance(colour: str) -> float:
    """Return the relative luminance of '#rrggbb', 0 (black) to 1 (white), as WCAG 2.2 defines it."""
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    linear = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours '#rrggbb', 1 to 21, as WCAG 2.2 defines it."""
    darker, lighter = sorted((luminance(first), luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def css_variables() -> str:
    """Return the style sheet that sets --TOKEN for light and dark.

    Light stands in :root. Dark holds where the reader chose it (data-mode="dark" on the root element), or where
    the system asks for it and the reader did not choose light.
    """
    day, night = (
        f"color-scheme:{scheme};" + ";".join(f"--{token}:{pair[side]}" for token, pair in TOKENS.items())
        for side, scheme in enumerate(("light", "dark"))
    )
    return (
        f":root{{{day}}}\n"
        f":root[data-mode=dark]{{{night}}}\n"
        f"@media (prefers-color-scheme:dark){{:root:not([data-mode=light]){{{night}}}}}\n"
    )
