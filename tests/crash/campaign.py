"""A worker that is killed again and again, each time at another moment."""

import os
import signal

from bearing import Bearing, pg

# A slice takes some 60 steps, what precedes the first one about as many.
STEPS = (3, 17, 31, 45, 59, 66, 73, 80, 87, 94, 101, 108, 122, 136)
HANGS = ("reading", "before", "after", "before", "after", "reading")


class Campaign(Bearing):
    """One database, one service, and a clock that goes on between the deaths."""

    def __init__(self, service, name, letters, module="posting"):
        super().__init__(service, module, name)
        self._letters = letters
        self.seen = []  # after each death: (claimed, of these arrived)

    def __enter__(self):
        super().__enter__()
        assert self.run(build=self._letters) == 0
        return self

    def __exit__(self, *exception):
        super().__exit__(*exception)
        pg("dropdb", "--if-exists", "--force", self.backup_name)

    @property
    def backup_name(self):
        return f"{self.database}_backup"

    def later(self):
        """Past every deadline, so that nothing has to sleep."""
        self.hours += 2
        self.service.advance(hours=2)

    def die_at(self, step):
        self.later()
        assert self.dies_at(step)
        self.look()

    def die_while(self, when):
        self.later()
        self.service.fault("hang", route="submit", when=when)
        pid = self.order(run=self.hours, kill_at=0)
        self.service.wait_hanging()
        os.kill(pid, signal.SIGKILL)
        assert self.ended() == -signal.SIGKILL
        self.service.clear_faults()
        self.look()

    def look(self):
        claimed = self.references("sending")
        self.seen.append((len(claimed), len(claimed & set(self.service.arrivals()))))

    def finish(self):
        for _run in range(4):
            self.later()
            assert self.run(run=self.hours, kill_at=0) == 0

    def back_up(self):
        pg("createdb", "-T", self.database, self.backup_name)

    def restore(self):
        self.stop_nursery()
        pg("dropdb", "--force", self.database)
        rename = f'ALTER DATABASE "{self.backup_name}" RENAME TO "{self.database}"'
        pg("psql", "-q", "-c", rename, "postgres")
        self.nursery = self.start_nursery()

    def references(self, *states):
        where = ",".join(f"'{state}'" for state in states)
        sql = f"SELECT client_reference FROM beepost_mailing WHERE state IN ({where})"
        return set(self.ask(sql))
