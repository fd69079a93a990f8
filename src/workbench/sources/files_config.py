"""What every kind of source that reads files says in YAML.  Light: the command line imports it."""

from workbench.model.fields import PathPattern, Shape


class FilesConfig(Shape, frozen=True, kw_only=True):
    """Files inside the project."""

    files: PathPattern | list[PathPattern]
    """A pattern or a list of patterns below the project file; ``$environment`` is filled in."""
    baseline_files: PathPattern | list[PathPattern] | None = None
    """The same for what a value is compared with, where ``$environment`` does not tell the two apart."""
