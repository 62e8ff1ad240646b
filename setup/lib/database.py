"""Databases: templates built once for each state of the code, and clones of them.

``template_core_KEY`` holds Odoo's own modules in French and English,
``template_addons_KEY`` is a clone of it with our addons and their browser assets.
``template_apps_KEY`` is a clone of the core with more of Odoo's apps,
``template_shop_KEY`` that with our addons, and ``template_KIND_KEY`` a clone of one
with our addons and the records that a script makes. KEY names what went in, so that a
template is never stale; older ones are dropped.
"""

import os
import shutil
from pathlib import Path

from place import DATA, DAY, Failure, addons, digest, lock
from progress import run, say
from runtime import Runtime

CORE = ("account", "l10n_fr_account", "sale", "snailmail_account")
# What a shop has besides: documents to post that are no invoices.
APPS = ("sale_management", "purchase", "stock")
LANGUAGE = "fr_FR"
# Generated once: a test run would make them each time and roll them back.
ASSETS = 'env["ir.qweb"]._pregenerate_assets_bundles(); env.cr.commit()\n'
NOT_INSTALLED = {"tests", "readme", "__pycache__"}


def core_template(odoo: Runtime) -> str:
    name = f"template_core_{digest(odoo.source.version, *CORE, LANGUAGE)}"
    with lock("template"):
        if not exists(odoo, name):
            say(f"Database: installing {', '.join(CORE)} (a minute, once)")
            build(odoo, name, None, CORE)
            drop_others(odoo, "template_core_", name)
    return name


def apps_template(odoo: Runtime) -> str:
    core = core_template(odoo)
    name = f"template_apps_{digest(core, *APPS)}"
    with lock("template"):
        if not exists(odoo, name):
            say(f"Database: installing {', '.join(APPS)} (a minute, once)")
            build(odoo, name, core, APPS)
            drop_others(odoo, "template_apps_", name)
    return name


def addons_template(odoo: Runtime, *, shop: bool = False) -> str:
    """The template with the project's addons.

    :param shop: with ``APPS`` as well
    """
    base = apps_template(odoo) if shop else core_template(odoo)
    prefix = "template_shop_" if shop else "template_addons_"
    ours = addons()
    # Of another day: what an installation makes may hang on its day.
    name = prefix + digest(base, addons_key(ours), DAY)
    with lock("template"):
        if not exists(odoo, name):
            say(f"Database: installing {', '.join(ours) or 'no addon of ours yet'}")
            build(odoo, name, base, ours)
            drop_others(odoo, prefix, name)
    return name


def filled_template(
    odoo: Runtime, kind: str, script: str, *parts: str | Path, shop: bool = True
) -> str:
    """Our addons, and what ``script`` makes in Odoo's shell.

    It is made anew whenever one of ``parts``, texts or files, has changed.
    """
    base = addons_template(odoo, shop=shop)
    name = f"template_{kind}_{digest(base, script, *parts)}"
    with lock("template"):
        if not exists(odoo, name):
            say(f"Database: making the {kind} records")
            build(odoo, name, base, (), f"Making the {kind} records", script)
            drop_others(odoo, f"template_{kind}_", name)
    return name


def addons_key(ours: dict[str, Path]) -> str:
    """Changes with anything that an installation reads."""
    files = sorted(
        path
        for folder in ours.values()
        for path in folder.rglob("*")
        if path.is_file() and not NOT_INSTALLED & set(path.relative_to(folder).parts)
    )
    return digest(*(part for path in files for part in (str(path), path)))


def build(
    odoo: Runtime,
    name: str,
    base: str | None,
    modules,
    what: str = "Making assets",
    script: str = ASSETS,
) -> None:
    """Build under another name: an interrupted build is never taken for done."""
    draft = f"building_{name}"
    drop(odoo, draft)
    try:
        if base:
            clone(odoo, base, draft)
        if modules:
            options = ["-d", draft, "-i", ",".join(modules), "--stop-after-init"]
            language = [] if base else [f"--load-language={LANGUAGE}"]
            installing = f"Installing {', '.join(modules)}"
            odoo.odoo(installing, "server", *options, *language, "--no-http")
        odoo.odoo(what, "shell", "-d", draft, "--no-http", stdin=script)
    except Failure:
        drop(odoo, draft)
        raise
    query(odoo, f'ALTER DATABASE "{draft}" RENAME TO "{name}"')
    shutil.rmtree(filestore(name), ignore_errors=True)
    if filestore(draft).exists():
        filestore(draft).rename(filestore(name))


def clone(odoo: Runtime, template: str, name: str) -> None:
    """Copy database and file store in under a second; raises ``Failure``."""
    env = odoo.environment()
    run(f"Cloning {template}", ["createdb", "-T", template, name], env=env)
    shutil.rmtree(filestore(name), ignore_errors=True)
    if filestore(template).exists():
        # Odoo names these files by their content and never writes into one.
        shutil.copytree(filestore(template), filestore(name), copy_function=os.link)


def drop(odoo: Runtime, name: str) -> None:
    env = odoo.environment()
    run(f"Dropping {name}", ["dropdb", "--if-exists", "--force", name], env=env)
    shutil.rmtree(filestore(name), ignore_errors=True)


def drop_others(odoo: Runtime, prefix: str, kept: str) -> None:
    """Drop older templates; a young one may be some other run's.

    A database that another run drops meanwhile has no file, and so no age. On another
    day the files keep the machine's own time, and no other run is at work.
    """
    old = (
        "SELECT datname FROM pg_database, "
        "pg_stat_file(format('base/%s/PG_VERSION', oid), true) AS file "
    )
    if not DAY:
        old += "WHERE file.modification < now() - interval '30 minutes'"
    for name in query(odoo, old).split():
        if name.startswith(prefix) and name != kept:
            drop(odoo, name)


def drop_abandoned(odoo: Runtime, prefix: str) -> None:
    """Drop ``PREFIX_PROCESS`` databases of runs that were killed."""
    for name in names(odoo):
        kind, _, process = name.rpartition("_")
        gone = process.isdigit() and not Path("/proc", process).exists()
        if kind == prefix and gone:
            drop(odoo, name)


def exists(odoo: Runtime, name: str) -> bool:
    return name in names(odoo)


def names(odoo: Runtime) -> list[str]:
    return query(odoo, "SELECT datname FROM pg_database").split()


def query(odoo: Runtime, sql: str, database: str = "postgres") -> str:
    """Run SQL of ours (never a person's input) and return its rows as plain lines."""
    command = ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql]
    return run("Asking PostgreSQL", [*command, database], env=odoo.environment())


def filestore(name: str) -> Path:
    return DATA / "filestore" / name
