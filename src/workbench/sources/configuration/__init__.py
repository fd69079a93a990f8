"""Files of configuration as parameters: ``.env``, YAML, JSON, TOML, INI, properties, HCL values, Terraform plans.

What is read follows from a file's name and content: manifests of Kubernetes, values of Helm, compose files,
overlays of kustomize, plans and states of Terraform are known by what they hold.  Everything here is a function
of bytes; :func:`workbench.sources.configuration.reading.read` is the way in.
"""
