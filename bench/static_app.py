"""The peer of the first paint: a Textual app of one ``Static``."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class StaticApp(App[None]):
    """One line of text."""

    def compose(self) -> ComposeResult:
        yield Static("ready to be read")


if __name__ == "__main__":
    StaticApp().run()
