"""What the checks of `glueline local` share: the endpoint, sessions on it, and what is found against what is wanted."""
import os
import re
import select
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
# The first start fetches Spark; later ones start a JVM.
PATIENCE = 900
# Of Iceberg's and Hudi's the last one takes every CALL: dbt-glue calls procedures of Iceberg.
EXTENSIONS = ",".join(
    (
        "org.apache.spark.sql.hudi.HoodieSparkSessionExtension",
        "io.delta.sql.DeltaSparkSessionExtension",
        "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
    )
)
CONF = " --conf ".join(
    (
        "spark.sql.extensions=" + EXTENSIONS,
        "spark.sql.catalog.glue_catalog=org.apache.iceberg.spark.SparkCatalog",
        "spark.sql.catalog.glue_catalog.warehouse=s3://example-shop-lake/warehouse",
        "spark.sql.catalog.glue_catalog.catalog-impl=org.apache.iceberg.aws.glue.GlueCatalog",
        "spark.sql.catalog.spark_catalog=org.apache.spark.sql.delta.catalog.DeltaCatalog",
    )
)
failures = []


def check(what, found, wanted):
    if found == wanted:
        return
    failures.append(what)
    print("FAILED %s:\n  found  %r\n  wanted %r" % (what, found, wanted), flush=True)


class Endpoint:
    """`glueline local` on a free port, with data of its own."""

    def __init__(self, options, folder):
        self.data = os.path.join(folder, "data")
        command = [options.glueline, "local", "--port", "0", "--data", self.data, "--tools", options.tools]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=sys.stderr, text=True)
        self.url = self.address()
        os.environ.update(
            AWS_ENDPOINT_URL=self.url,
            AWS_ACCESS_KEY_ID="local",
            AWS_SECRET_ACCESS_KEY="local",
            AWS_DEFAULT_REGION="eu-west-1",
        )

    def address(self):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            if select.select([self.process.stdout], [], [], 1)[0]:
                found = re.search(r"http://127\.0\.0\.1:\d+", self.process.stdout.readline())
                if found:
                    return found.group(0)
        raise SystemExit("glueline local did not come up")

    def offspring(self):
        """The processes that hold the folder of the data in their arguments or as their working place."""
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open("/proc/%s/cmdline" % pid, encoding="utf-8", errors="replace") as file:
                    arguments = file.read()
                place = os.readlink("/proc/%s/cwd" % pid)
            except OSError:
                continue
            if int(pid) != os.getpid() and (self.data in arguments or place.startswith(self.data)):
                found.append(int(pid))
        return found

    def close(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait()

    def gone(self):
        deadline = time.monotonic() + 30
        while self.offspring() and time.monotonic() < deadline:
            time.sleep(0.2)
        return self.offspring()


def client(service):
    import boto3

    return boto3.client(service)


def session(name, conf=CONF, idle=2880):
    glue = client("glue")
    glue.create_session(
        Id=name,
        Role="arn:aws:iam::000000000000:role/x",
        Command={"Name": "glueetl", "PythonVersion": "3"},
        DefaultArguments={"--enable-glue-datacatalog": "true", "--conf": conf},
        GlueVersion="5.0",
        IdleTimeout=idle,
    )
    while True:
        found = glue.get_session(Id=name)["Session"]
        if found["Status"] != "PROVISIONING":
            return found
        time.sleep(0.2)


def run(name, code):
    glue = client("glue")
    statement = glue.run_statement(SessionId=name, Code=code)["Id"]
    return ended(name, statement)


def ended(name, statement):
    glue = client("glue")
    while True:
        found = glue.get_statement(SessionId=name, Id=statement)["Statement"]
        if found["State"] not in ("WAITING", "RUNNING", "CANCELLING"):
            return found
        time.sleep(0.1)


def text(statement):
    return statement["Output"].get("Data", {}).get("TextPlain")


def refused(call, **arguments):
    from botocore.exceptions import ClientError

    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return None
