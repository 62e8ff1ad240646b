"""La Poste's own word on a numbered letter: its "Suivi v2" service. Pure Python."""
