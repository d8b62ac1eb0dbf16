"""The one JVM of `glueline local`: the Spark that all sessions share, and the metastore behind the Data Catalog.

The first line that arrives says where the jars and the data are. Then each line is a question about the catalog, answered in the
order in which they come. When standard input closes, this process ends, and the JVM, whose standard input it holds, with it.
"""
import glob
import os
import shutil
import signal
import threading
import traceback

import channel
import metastore
from pyspark import SparkConf, SparkContext
from pyspark.java_gateway import launch_gateway
from pyspark.sql import SparkSession

# A bucket without a mount must not end up somewhere else on the disk: Hadoop would take the class that is named here for it.
NO_BUCKET = "glueline.local.BucketNeverNamedInAStatement"
SCHEMES = ("s3", "s3a", "s3n")


def hadoop_settings():
    """Object storage in a folder. Hadoop's own `viewfs` can serve any scheme; a mount whose fallback is a folder maps it whole.
    (`linkMergeSlash`, made for that, loses the root of the path in listings of Hadoop 3.3.4.)"""
    settings = {"fs.file.impl": "org.apache.hadoop.fs.RawLocalFileSystem"}
    for scheme in SCHEMES:
        settings["fs.%s.impl" % scheme] = "org.apache.hadoop.fs.viewfs.ViewFileSystemOverloadScheme"
        settings["fs.viewfs.overload.scheme.target.%s.impl" % scheme] = NO_BUCKET
    return settings


def temporary(options):
    """Where Spark, Hudi and Java put what they need for a while. A JVM that was killed leaves it behind."""
    return os.path.join(options["data"], "tmp")


def spark_settings(options):
    settings = {
        "spark.master": "local[*]",
        "spark.app.name": "glueline-local",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": options["memory"],
        "spark.driver.extraClassPath": os.pathsep.join(sorted(glob.glob(os.path.join(options["jars"], "*.jar")))),
        "spark.driver.extraJavaOptions": "-Duser.timezone=UTC -Dderby.system.home=%s -Djava.io.tmpdir=%s"
        % (options["data"], temporary(options)),
        "spark.local.dir": temporary(options),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.catalogImplementation": "hive",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.warehouse.dir": "file://" + os.path.join(options["data"], "warehouse"),
        "spark.serializer": "org.apache.spark.serializer.KryoSerializer",
        # A laptop has few cores; Glue's default of 200 only makes empty tasks.
        "spark.sql.shuffle.partitions": "4",
        "spark.default.parallelism": "4",
        "spark.scheduler.mode": "FAIR",
    }
    settings.update(("spark.hadoop." + key, value) for key, value in hadoop_settings().items())
    return settings


class Buckets:
    """`s3://BUCKET` mounted on folders. Hadoop keeps one file system per bucket and JVM, so that one look is enough for all."""

    def __init__(self, jvm, folder, confs):
        self.jvm = jvm
        self.folder = folder
        self.confs = confs
        self.known = set()
        for name in sorted(os.listdir(folder)):
            if os.path.isdir(os.path.join(folder, name)):
                self.mount(name)

    def mount(self, name):
        if name in self.known:
            return
        path = os.path.join(self.folder, name)
        os.makedirs(path, exist_ok=True)
        for conf in self.confs:
            conf.set("fs.viewfs.mounttable.%s.linkFallback" % name, "file://" + path)
        for scheme in SCHEMES:
            uri = self.jvm.java.net.URI.create("%s://%s/" % (scheme, name))
            self.jvm.org.apache.hadoop.fs.FileSystem.get(uri, self.confs[0])
        self.known.add(name)


def start(options):
    shutil.rmtree(temporary(options), ignore_errors=True)
    for folder in ("s3", "warehouse", "hudi", "tmp"):
        os.makedirs(os.path.join(options["data"], folder), exist_ok=True)
    with open(os.path.join(options["data"], "hudi", "hudi-defaults.conf"), "w", encoding="utf-8") as file:
        # What dbt-glue leaves open would need Hive's own query engine; the metastore is at hand.
        file.write("hoodie.datasource.hive_sync.mode hms\n")
    os.environ["HUDI_CONF_DIR"] = os.path.join(options["data"], "hudi")
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    settings = spark_settings(options)
    # The memory and the class path have to be known before there is a JVM.
    settings_file = os.path.join(options["data"], "spark.conf")
    with open(settings_file, "w", encoding="utf-8") as file:
        for key, value in settings.items():
            file.write("%s %s\n" % (key, value.replace("\\", "\\\\")))
    os.environ["PYSPARK_SUBMIT_ARGS"] = "--properties-file '%s' pyspark-shell" % settings_file
    gateway = launch_gateway()
    jvm = gateway.jvm
    store = metastore.Metastore(jvm, options["data"], hadoop_settings())
    conf = SparkConf(True, _jvm=jvm)
    conf.set("spark.hadoop.hive.metastore.uris", store.uri)
    context = SparkContext(conf=conf, gateway=gateway)
    # The context of Spark wants to be asked by Ctrl-C; it is not.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    context.setLogLevel("WARN")
    SparkSession(context)
    buckets = Buckets(jvm, os.path.join(options["data"], "s3"), [context._jsc.hadoopConfiguration(), store.conf])
    return gateway, context, store, buckets


def watch(gateway):
    """Ends when the JVM does: without it nothing here can be answered."""
    gateway.proc.wait()
    channel.send({"event": "failed", "message": "the JVM of Spark ended"})
    os._exit(1)


def main():
    # Ctrl-C in a terminal reaches every process of its group; who ends what is decided elsewhere.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    arriving = channel.messages()
    options = next(arriving)
    try:
        gateway, context, store, buckets = start(options)
    except BaseException as error:
        traceback.print_exc()
        channel.send({"event": "failed", "message": "%s: %s" % (type(error).__name__, error)})
        os._exit(1)
    threading.Thread(target=watch, args=(gateway,), daemon=True).start()
    parameters = gateway.gateway_parameters
    channel.send(
        {
            "event": "ready",
            "port": parameters.port,
            "secret": parameters.auth_token,
            "metastore": store.uri,
            "spark": context.version,
        }
    )
    for message in arriving:
        operation = message["operation"]
        try:
            if operation == "mount":
                for name in message["arguments"]["buckets"]:
                    buckets.mount(name)
                answer = {}
            else:
                answer = store.answer(operation, message["arguments"])
            channel.send({"id": message["id"], "answer": answer})
        except metastore.Refused as refused:
            channel.send({"id": message["id"], "refused": refused.kind, "message": str(refused)})
        except Exception as error:
            traceback.print_exc()
            channel.send({"id": message["id"], "refused": "InternalServiceException", "message": str(error)[:2000]})
    os._exit(0)


main()
