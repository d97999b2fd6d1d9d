"""Where the PDF engine may read: one folder of ours and the font package. Nothing else, ever."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".css": "text/css",
    ".ttf": "font/ttf",
    ".otf": "font/otf",
}


class FoldersOnlyFetcher(URLFetcher):  # type: ignore[misc]
    """Answers `<scheme>:///<path>` for the schemes given, from the folder of each.

    Everything else (http, file, data, a path that climbs out, a type that is not listed, a link
    to elsewhere) stops the rendering: raises FatalURLFetchingError, which WeasyPrint never
    swallows. A document that asks for something else was not written by us.
    """

    def __init__(self, folders: Mapping[str, Path]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self.folders = {scheme: folder.resolve() for scheme, folder in folders.items()}

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """The file's bytes; raises FatalURLFetchingError for anything that is not ours."""
        try:
            parts = urlsplit(url)
            folder = self.folders.get(parts.scheme)
            name = unquote(parts.path).lstrip("/")
            if folder is None or parts.netloc or not name or "\0" in name:
                raise FatalURLFetchingError(f"not allowed in a document: {url[:200]}")
            path = (folder / name).resolve()
            if not path.is_relative_to(folder) or path.suffix not in TYPES or not path.is_file():
                raise FatalURLFetchingError(f"not allowed in a document: {url[:200]}")
            body = path.read_bytes()
        except (ValueError, OSError) as problem:
            raise FatalURLFetchingError(f"not allowed in a document: {url[:200]}") from problem
        return URLFetcherResponse(url, body, headers={"Content-Type": TYPES[path.suffix]})
