"""Where does MiniStack differ from AWS, so that it is patched? One module for each service."""
