import subprocess
from collections.abc import Callable
from pathlib import Path


def convert(path: str, on_page: Callable[[int, int], None]) -> int:
    source = Path(path)
    on_page(0, 1)
    subprocess.run(
        ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(source.parent), str(source)],
        check=True,
        timeout=900,
    )
    on_page(1, 1)
    return 1
