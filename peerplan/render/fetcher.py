"""Where the PDF engine may read: one folder of ours, the font package, and pictures handed over.

Nothing else, ever.
"""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".css": "text/css",
    ".ttf": "font/ttf",
    ".otf": "font/otf",
}


class FoldersOnlyFetcher(URLFetcher):  # type: ignore[misc]
    """Answers `<scheme>:///<path>` for the schemes given, from the folder of each.

    Pictures handed over in `images` are answered by their exact URLs. Everything else (http, file,
    data, a path that climbs out, a type that is not listed, a link to elsewhere) stops the
    rendering: raises FatalURLFetchingError. A document that asks for something else was not
    written by us. WeasyPrint swallows even that while it draws an SVG, so what was refused is kept
    in `refused`, for the caller to look at.
    """

    def __init__(
        self, folders: Mapping[str, Path], images: Mapping[str, bytes] | None = None
    ) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self.folders = {scheme: folder.resolve() for scheme, folder in folders.items()}
        self.images = dict(images or {})
        self.refused: list[str] = []

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """The file's bytes; raises FatalURLFetchingError for anything that is not ours."""
        if url in self.images:
            kind = TYPES[Path(url).suffix]
            return URLFetcherResponse(url, self.images[url], headers={"Content-Type": kind})
        try:
            path = self.path_of(url)
            body = path.read_bytes()
        except (ValueError, OSError) as problem:
            self.refused.append(url[:200])
            raise FatalURLFetchingError(f"not allowed in a document: {url[:200]}") from problem
        return URLFetcherResponse(url, body, headers={"Content-Type": TYPES[path.suffix]})

    def path_of(self, url: str) -> Path:
        """The file that a URL of ours stands for; raises ValueError for any other URL."""
        parts = urlsplit(url)
        folder = self.folders.get(parts.scheme)
        name = unquote(parts.path).lstrip("/")
        if folder is None or parts.netloc or not name:
            raise ValueError("no such folder")
        path = (folder / name).resolve()
        if not path.is_relative_to(folder) or path.suffix not in TYPES or not path.is_file():
            raise ValueError("no such file")
        return path
