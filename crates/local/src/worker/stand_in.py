"""What a Glue session finds in its Python besides Spark: `awsglue`, as far as Spark alone can serve it."""
import sys
import types


def refuse_stop(*_):
    raise RuntimeError("`glueline local` keeps one Spark for all sessions; stop the session instead of its context.")


def globals_of(spark, context):
    modules = {
        "awsglue": types.ModuleType("awsglue", "Only `utils.getResolvedOptions` and `context.GlueContext` are here."),
        "awsglue.utils": types.ModuleType("awsglue.utils"),
        "awsglue.context": types.ModuleType("awsglue.context"),
    }
    modules["awsglue"].__path__ = []
    modules["awsglue"].utils = modules["awsglue.utils"]
    modules["awsglue"].context = modules["awsglue.context"]
    modules["awsglue.utils"].getResolvedOptions = resolved_options
    modules["awsglue.context"].GlueContext = type("GlueContext", (GlueContext,), {"spark_session": spark})
    sys.modules.update(modules)
    main = types.ModuleType("__main__")
    sys.modules["__main__"] = main
    main.__dict__.update(spark=spark, sc=context, SparkContext=type(context), SparkSession=type(spark))
    return main.__dict__


class GlueContext:
    """Spark as it is; dynamic frames, connections and bookmarks are Amazon's own and not here."""

    def __init__(self, *_):
        pass

    def __getattr__(self, name):
        raise AttributeError("`glueline local` has no GlueContext.%s: it is Amazon's own." % name)


def resolved_options(argv, options):
    """The values of `--NAME VALUE` and `--NAME=VALUE` for the names that are asked for; each has to be there."""
    found = {}
    for name in options:
        flag = "--" + name
        for at, word in enumerate(argv):
            if word == flag and at + 1 < len(argv):
                found[name] = argv[at + 1]
            elif word.startswith(flag + "="):
                found[name] = word[len(flag) + 1:]
        if name not in found:
            raise RuntimeError("the argument %s is required" % flag)
    return found
