from . import beepost_statement_import
