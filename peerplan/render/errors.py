"""What rendering may fail with. No Django and no WeasyPrint in here: the child imports it too."""

DEBIAN_PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


class RenderError(Exception):
    """Base of every reason why there is no document; `str()` is fit to be shown to an officer."""


class RendererUnavailable(RenderError):
    """The PDF engine cannot run on this machine: a library is missing."""

    def __init__(self, detail: str = "") -> None:
        self.detail = detail
        super().__init__(
            "This server cannot make PDFs because the Pango library is missing. "
            f"Ask whoever runs it to install these Debian packages: {DEBIAN_PACKAGES}"
        )


class RenderFailed(RenderError):
    """The document could not be made: the engine died, took too long or needed too much memory."""


class TooManyAtOnce(RenderError):
    """Every place for making a PDF was taken for as long as the caller was ready to wait."""

    def __init__(self) -> None:
        super().__init__(
            "Other documents are being made at the moment. Wait a minute, then try again."
        )
