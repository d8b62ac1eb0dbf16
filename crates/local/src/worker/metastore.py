"""A Hive metastore in the JVM of Spark: the Data Catalog of `glueline local`.

Spark, Iceberg and Hudi reach it over Thrift on loopback, as they would a real one; questions of the endpoint go to its handler directly.
"""
import json
import os
import threading

from py4j.protocol import Py4JJavaError

# What the metastore throws, and what Glue calls it.
KINDS = {
    "NoSuchObjectException": "EntityNotFoundException",
    "UnknownTableException": "EntityNotFoundException",
    "UnknownDBException": "EntityNotFoundException",
    "AlreadyExistsException": "AlreadyExistsException",
    "InvalidObjectException": "InvalidInputException",
    "InvalidOperationException": "InvalidInputException",
}
NO_LIMIT = -1


class Refused(Exception):
    """An answer that is an error of Glue."""

    def __init__(self, kind, message):
        super().__init__(message)
        self.kind = kind


class Metastore:
    def __init__(self, jvm, data, settings):
        self.jvm = jvm
        self.conf = jvm.org.apache.hadoop.hive.conf.HiveConf()
        settings = dict(settings)
        settings.update(
            {
                "javax.jdo.option.ConnectionURL": "jdbc:derby:;databaseName=%s;create=true" % os.path.join(data, "metastore"),
                "datanucleus.schema.autoCreateAll": "true",
                "hive.metastore.schema.verification": "false",
                "hive.metastore.warehouse.dir": "file://" + os.path.join(data, "warehouse"),
            }
        )
        for key, value in settings.items():
            self.conf.set(key, value)
        # Iceberg commits under locks of the metastore; their tables are not made with the others.
        locks = jvm.org.apache.hadoop.hive.metastore.txn.TxnDbUtil
        locks.setConfValues(self.conf)
        if not os.path.isdir(os.path.join(data, "metastore")):
            locks.prepDb(self.conf)
        self.handler = jvm.org.apache.hadoop.hive.metastore.HiveMetaStore.newRetryingHMSHandler("local", self.conf, False)
        self.uri = "thrift://127.0.0.1:%d" % self.serve()
        factory = getattr(jvm.org.apache.thrift.protocol, "TSimpleJSONProtocol$Factory")()
        self.writer = jvm.org.apache.thrift.TSerializer(factory)
        self.api = jvm.org.apache.hadoop.hive.metastore.api

    def serve(self):
        """A server of its own: the one that comes with the metastore listens to the whole network."""
        thrift = self.jvm.org.apache.thrift
        socket = thrift.transport.TServerSocket(self.jvm.java.net.InetSocketAddress("127.0.0.1", 0))
        processor = self.jvm.org.apache.hadoop.hive.metastore.TSetIpAddressProcessor(self.handler)
        arguments = getattr(thrift.server, "TThreadPoolServer$Args")(socket).processor(processor)
        server = thrift.server.TThreadPoolServer(arguments)
        threading.Thread(target=server.serve, daemon=True).start()
        return socket.getServerSocket().getLocalPort()

    def answer(self, operation, arguments):
        method = getattr(self, "op_" + operation, None)
        if method is None:
            raise Refused("InternalServiceException", "The worker knows no operation `%s`." % operation)
        try:
            return method(**arguments)
        except Py4JJavaError as error:
            thrown = error.java_exception
            kind = KINDS.get(thrown.getClass().getSimpleName())
            if kind is None:
                raise
            raise Refused(kind, thrown.getMessage()) from error

    def read(self, thing):
        return json.loads(self.writer.toString(thing))

    # Databases

    def op_databases(self):
        return [self.read(self.handler.get_database(name)) for name in self.handler.get_all_databases()]

    def op_database(self, name):
        return self.read(self.handler.get_database(name))

    def op_create_database(self, database):
        made = self.api.Database(database["name"], database["description"], database["location"], database["parameters"])
        self.handler.create_database(made)
        return {}

    def op_alter_database(self, name, database):
        made = self.handler.get_database(name)
        made.setDescription(database["description"])
        made.setParameters(database["parameters"])
        if database["location"]:
            made.setLocationUri(database["location"])
        self.handler.alter_database(name, made)
        return {}

    def op_drop_database(self, name):
        """Glue drops a database with all of its tables, and touches no files."""
        for table in self.handler.get_all_tables(name):
            self.handler.drop_table(name, table, False)
        self.handler.drop_database(name, False, False)
        return {}

    # Tables

    def op_tables(self, database):
        self.handler.get_database(database)
        return [self.read(self.handler.get_table(database, name)) for name in sorted(self.handler.get_all_tables(database))]

    def op_table(self, database, name):
        self.handler.get_database(database)
        return self.read(self.handler.get_table(database, name))

    def op_create_table(self, database, table):
        made = self.api.Table()
        made.setDbName(database)
        made.setCreateTime(self.now())
        self.fill(made, table)
        self.handler.create_table(made)
        return {}

    def op_alter_table(self, database, table):
        made = self.handler.get_table(database, table["tableName"])
        self.fill(made, table)
        self.handler.alter_table(database, table["tableName"], made)
        return {}

    def op_drop_table(self, database, name):
        self.handler.drop_table(database, name, False)
        return {}

    def op_partitions(self, database, table, expression):
        self.handler.get_table(database, table)
        if expression:
            found = self.handler.get_partitions_by_filter(database, table, expression, NO_LIMIT)
        else:
            found = self.handler.get_partitions(database, table, NO_LIMIT)
        return [self.read(partition) for partition in found]

    def op_partition(self, database, table, values):
        return self.read(self.handler.get_partition(database, table, values))

    def op_drop_partition(self, database, table, values):
        self.handler.drop_partition(database, table, values, False)
        return {}

    # What is written, as Thrift's objects

    def now(self):
        return int(self.jvm.java.lang.System.currentTimeMillis() // 1000)

    def columns(self, columns):
        return [self.api.FieldSchema(c["name"], c["type"], c.get("comment")) for c in columns]

    def fill(self, made, table):
        made.setTableName(table["tableName"])
        made.setTableType(table["tableType"])
        made.setParameters(table["parameters"])
        made.setPartitionKeys(self.columns(table["partitionKeys"]))
        made.setSd(self.storage(table["sd"]))
        if table.get("owner"):
            made.setOwner(table["owner"])
        made.setRetention(table.get("retention") or 0)
        made.setViewOriginalText(table.get("viewOriginalText"))
        made.setViewExpandedText(table.get("viewExpandedText"))

    def storage(self, sd):
        made = self.api.StorageDescriptor()
        made.setCols(self.columns(sd["cols"]))
        made.setLocation(sd.get("location"))
        made.setInputFormat(sd.get("inputFormat"))
        made.setOutputFormat(sd.get("outputFormat"))
        made.setCompressed(bool(sd.get("compressed")))
        made.setNumBuckets(sd.get("numBuckets") or 0)
        serde = sd.get("serdeInfo") or {}
        made.setSerdeInfo(self.api.SerDeInfo(serde.get("name"), serde.get("serializationLib"), serde.get("parameters") or {}))
        made.setBucketCols(sd.get("bucketCols") or [])
        made.setSortCols([self.api.Order(o["col"], o["order"]) for o in sd.get("sortCols") or []])
        made.setParameters(sd.get("parameters") or {})
        return made
