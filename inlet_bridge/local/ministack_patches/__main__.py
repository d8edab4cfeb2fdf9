"""Run MiniStack with the patches beside this file, with the Python of its environment.

That environment has no `inlet_bridge`: Python runs this folder, so its modules are top-level ones.
MiniStack 1.5.33 reads the module attributes that they replace at each call.
"""

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from ministack.app import main

if __name__ == "__main__":
    for patch in iter_modules([str(Path(__file__).parent)]):
        if patch.name != "__main__":
            import_module(patch.name)
    main()
