"""Remove unused models from built functions and layers, split the authorities, compile bytecode.

`python -m devtools.shipping .aws-sam/build`. Optional: it reduces size and cold starts.
/var/task and /opt are read-only, so Lambda compiles modules without bytecode at each cold start.
"""

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from devtools.authorities import write_authorities

# Where Lambda unpacks a layer and a function; tracebacks name files there.
_LAYER_ROOT, _FUNCTION_ROOT = "/opt", "/var/task"
_PROCESSES = 4

# The services that are called with boto3; botocore contains the models of 400.
SERVICES = frozenset({"cloudformation", "cloudwatch", "dynamodb", "lambda", "sqs", "ssm", "sts"})


def ship(build: Path) -> None:
    """Process the output folder of `sam build`."""
    for folder in sorted(path for path in build.iterdir() if path.is_dir()):
        ship_folder(folder)


def ship_folder(folder: Path) -> None:
    """Process the folder of one function or layer."""
    is_layer = (folder / "python").is_dir()
    drop_models(folder / "python/botocore/data")
    write_authorities(folder)
    compile_all(folder, _LAYER_ROOT if is_layer else _FUNCTION_ROOT)


def drop_models(data: Path) -> None:
    """Remove the models of unused services; keep the files that concern all services."""
    if data.is_dir():
        for service in data.iterdir():
            if service.is_dir() and service.name not in SERVICES:
                shutil.rmtree(service)


def compile_all(folder: Path, root: str) -> None:
    """Write unchecked bytecode; the source cannot change in Lambda.

    It depends only on the sources and the Python version, so builds are reproducible.

    Args:
        folder: of a function or layer.
        root: its folder in Lambda.
    """
    command = [sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"]
    command += ["-s", str(folder), "-p", root]
    with ThreadPoolExecutor(_PROCESSES) as pool:
        for ended in [
            pool.submit(subprocess.run, [*command, *each], check=True) for each in _parts(folder)
        ]:
            ended.result()


def _parts(folder: Path) -> list[list[str]]:
    """What each process compiles, on every machine alike.

    How Python writes a constant depends on those that the process has compiled before, so the
    workers of `compileall -j`, which take the next file that is left, write different bytecode.
    """
    top = folder / "python" if (folder / "python").is_dir() else folder
    paths = sorted(map(str, top.iterdir()))
    return [part for first in range(_PROCESSES) if (part := paths[first::_PROCESSES])]


if __name__ == "__main__":
    ship(Path(sys.argv[1]).resolve())
