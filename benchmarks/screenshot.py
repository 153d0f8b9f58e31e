"""Draws Markdown as a forge shows it: standard input to a PNG, by a real browser.

`dvcinc classify --split --md | python benchmarks/screenshot.py docs/images/comment.png`
GitHub's own renderer makes the page; the styles are like its own. Needs the extra `dev`
and Chromium.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import cmarkgfm
from cmarkgfm.cmark import Options

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_PAGE = """\
<!doctype html><meta charset="utf-8"><style>
body {{ margin: 16px; width: 900px; color: #1f2328; line-height: 1.5;
  font: 14px/1.5 "Noto Sans", "DejaVu Sans", Helvetica, Arial, sans-serif,
    "Noto Color Emoji"; }}
.frame {{ border: 1px solid #d1d9e0; border-radius: 6px; overflow: hidden; }}
.head {{ background: #f6f8fa; border-bottom: 1px solid #d1d9e0; padding: 8px 16px;
  color: #59636e; }}
.body {{ padding: 4px 16px 12px; }}
h3 {{ font-size: 17px; margin: 12px 0 8px; }}
p, table, ul, details {{ margin: 0 0 12px; }}
table {{ border-collapse: collapse; }}
th, td {{ border: 1px solid #d1d9e0; padding: 5px 11px; text-align: left; }}
[align=right] {{ text-align: right; }}
tr:nth-child(2n) td {{ background: #f6f8fa; }}
a {{ color: #0969da; text-decoration: none; }}
code {{ background: #818b981f; border-radius: 6px; padding: .2em .4em;
  font: 85%/1.4 "DejaVu Sans Mono", monospace; }}
pre {{ background: #f6f8fa; border-radius: 6px; padding: 12px; }}
pre code {{ background: none; padding: 0; }}
</style><div class="frame"><div class="head"><b>github-actions</b> bot commented</div>
<div class="body">{}</div></div>
"""


def main() -> None:
    """Reads Markdown and writes the picture that the first argument names."""
    target = Path(sys.argv[1]).resolve()
    height = sys.argv[2] if len(sys.argv) > 2 else "820"  # noqa: PLR2004
    browser = next((found for name in _BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        sys.exit(f"none of these is here: {', '.join(_BROWSERS)}")
    options = Options.CMARK_OPT_UNSAFE
    body = cmarkgfm.github_flavored_markdown_to_html(sys.stdin.read(), options)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(_PAGE.format(body), encoding="utf-8")
        asked = ["--headless", "--no-sandbox", "--hide-scrollbars", "--disable-gpu"]
        where = [f"--user-data-dir={folder}/browser", f"--window-size=936,{height}"]
        shot = [f"--screenshot={target}", page.as_uri()]
        subprocess.run([browser, *asked, *where, *shot], check=True)


if __name__ == "__main__":
    main()
