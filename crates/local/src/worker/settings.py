"""The `--conf` of a session, made into a session of Spark.

Extensions and everything under `spark.sql` are a session's own. What belongs to Amazon, Iceberg's Glue catalog and its S3 client, is put
on the local metastore and folder; what only the start of a JVM can set is named in a note, never passed over.
"""
GLUE_CATALOG = "org.apache.iceberg.aws.glue.GlueCatalog"
CATALOG = "spark.sql.catalog."
# Behind `spark.sql.catalog.NAME.`: what speaks to Amazon and has nothing to speak to here.
OF_AMAZON = ("catalog-impl", "io-impl", "lock-impl", "lock.table", "lock.region", "type", "client.", "s3.", "glue.", "dynamodb.", "http-client.")


def open_session(gateway, root, request):
    """Notes for the user, and the session."""
    jvm = gateway.jvm
    notes = []
    asked = dict(request["conf"])
    extensions = jvm.org.apache.spark.sql.SparkSessionExtensions()
    for name in asked.pop("spark.sql.extensions", "").split(","):
        if name.strip():
            apply(gateway, name.strip(), extensions, notes)
    options = jvm.java.util.HashMap()
    for key, value in catalogs(asked, request["metastore"], notes).items():
        options.put(key, value)
    static = jvm.org.apache.spark.sql.internal.SQLConf
    for key, value in sorted(asked.items()):
        own = key.startswith("spark.sql.") and not static.isStaticConfigKey(key)
        # What Spark does not know by name may still be read: by Hudi, by a catalog, by the project's own code.
        if own or not key.startswith("spark.") or key.startswith(("spark.databricks.", "spark.hoodie.")):
            options.put(key, value)
        elif key.startswith("spark.hadoop."):
            options.put(key[len("spark.hadoop."):], value)
        elif root.sparkContext().getConf().get(key, "") != value:
            notes.append("%s=%s has no effect here: only the start of a JVM can set it." % (key, value))
    scala_options = jvm.org.apache.spark.api.python.PythonUtils.toScalaMap(options)
    java = jvm.org.apache.spark.sql.SparkSession(
        root.sparkContext(), jvm.scala.Some(root.sharedState()), jvm.scala.Option.empty(), extensions, scala_options
    )
    # Its state is made on first use, and every value is checked then: a session with a wrong one does not come up.
    java.sessionState()
    return notes, java


def apply(gateway, name, extensions, notes):
    """As Spark does: an extension that is not there is warned of."""
    lang = gateway.jvm.java.lang
    try:
        of_class = lang.Class.forName(name, True, lang.Thread.currentThread().getContextClassLoader())
        constructor = of_class.getConstructor(gateway.new_array(lang.Class, 0))
        constructor.newInstance(gateway.new_array(lang.Object, 0)).apply(extensions)
    except Exception as error:
        notes.append("The extension %s cannot be used: %s" % (name, str(error).splitlines()[-1]))


def catalogs(asked, metastore, notes):
    """Takes the settings of Iceberg's Glue catalogs out of what was asked for, and gives those that reach the same tables here."""
    made = {}
    for key in sorted(asked):
        name, _, rest = key[len(CATALOG):].partition(".")
        if not key.startswith(CATALOG) or rest not in ("catalog-impl", "type"):
            continue
        if asked[key] not in (GLUE_CATALOG, "glue"):
            continue
        prefix = CATALOG + name + "."
        for other in [k for k in asked if k.startswith(prefix)]:
            if other[len(prefix):].startswith(OF_AMAZON):
                value = asked.pop(other)
                if other[len(prefix):] not in ("catalog-impl", "io-impl", "type"):
                    notes.append("%s=%s has no effect here: there is nothing of Amazon's to set." % (other, value))
        made[prefix + "type"] = "hive"
        made[prefix + "uri"] = metastore
    return made
