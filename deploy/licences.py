"""Print the page of licences for a folder of installed packages.

python deploy/licences.py FOLDER

`.ci/lock` writes deploy/LICENCES.md with it.
"""

import sys
from importlib.metadata import Distribution, distributions

PAGE = """\
# Licences

Digit Bot itself, program and models, is under the [MIT licence](../LICENSE). The image holds these packages besides,
each unmodified as its authors publish it on PyPI, licence texts and all, in `/app/.venv`. The base image brings Python
and Debian with theirs. Labels in pictures are set in Inter, whose licence is [OFL.txt](../core/imaging/OFL.txt).

| package | version | licence, as its authors state it |
| --- | --- | --- |
{rows}

What follows from them:

- **Use, run and change the bot** as you like, in a company too: none of them restricts that or asks for your own code.
- **python-telegram-bot is LGPL-3.0-only.** The bot imports it as a library of its own and changes nothing in it, so
  that the bot stays under MIT. Who passes the image on passes this library on: with its licence texts, which are in
  the image, and with its source, which is what is installed. Whoever gets the image may put another version of it in
  place, by building the image with another line in `requirements.txt`. Who changes the library itself and passes it
  on does so under the LGPL.
- **MPL-2.0** (certifi, a part of tqdm) asks the same for changed files of those packages, and for nothing else.
- The others ask that their notices stay, which they do as they are in the image.

Written by `.ci/lock`; a test holds it equal to `requirements.txt`.
"""

LONGEST = 60
"""Characters of a licence's name; some packages put the whole text where the name belongs."""


def licence(package: Distribution) -> str:
    """What the package's metadata calls its licence: the SPDX expression where there is one."""
    stated = package.metadata.get("License-Expression") or package.metadata.get("License") or ""
    if stated and "\n" not in stated and len(stated) <= LONGEST:
        return stated
    classifiers = package.metadata.get_all("Classifier") or []
    return " AND ".join(line.rsplit(" :: ", 1)[1] for line in classifiers if line.startswith("License ::"))


def page(folder: str) -> str:
    """The page for the packages that are installed in the folder."""
    packages = sorted(distributions(path=[folder]), key=lambda package: package.name.lower())
    rows = [f"| {package.name} | {package.version} | {licence(package)} |" for package in packages]
    return PAGE.format(rows="\n".join(rows))


if __name__ == "__main__":
    sys.stdout.write(page(sys.argv[1]))
