"""What is done to the built functions and layers before they are shipped.

`python -m devtools.shipping .aws-sam/build`. Without it everything works too, only larger
and with a slower cold start: /var/task and /opt are read-only, so what comes without bytecode is
compiled again at every one.
"""

import shutil
import subprocess
import sys
from pathlib import Path

# Where Lambda unpacks a layer and a function; tracebacks name files there.
_LAYER_ROOT, _FUNCTION_ROOT = "/opt", "/var/task"

# The services that are called through boto3; botocore brings the models of 400.
SERVICES = frozenset({"cloudwatch", "dynamodb", "lambda", "sqs", "ssm", "sts"})


def ship(build: Path) -> None:
    """Finish what `sam build` left in a folder."""
    for folder in sorted(path for path in build.iterdir() if path.is_dir()):
        is_layer = (folder / "python").is_dir()
        drop_models(folder / "python/botocore/data")
        compile_all(folder, _LAYER_ROOT if is_layer else _FUNCTION_ROOT)


def drop_models(data: Path) -> None:
    """Remove the models of services that nobody calls; the files about all services stay."""
    if data.is_dir():
        for service in data.iterdir():
            if service.is_dir() and service.name not in SERVICES:
                shutil.rmtree(service)


def compile_all(folder: Path, root: str) -> None:
    """Write bytecode that is never held against its source, which cannot change in Lambda.

    It depends on nothing but the sources and the Python version, so equal builds stay equal.

    Args:
        folder: of a function or layer.
        root: the folder that it becomes in Lambda.
    """
    arguments = ["-m", "compileall", "-q", "-j", "0", "--invalidation-mode", "unchecked-hash"]
    arguments += ["-s", str(folder), "-p", root, str(folder)]
    subprocess.run([sys.executable, *arguments], check=True)


if __name__ == "__main__":
    ship(Path(sys.argv[1]).resolve())
