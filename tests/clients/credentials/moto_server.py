"""An S3 server that verifies signatures. It prints its port and the keys of its account, and ends with its standard input."""

import json
import os
import sys
import urllib.request

# Until the keys are there, nothing is verified.
os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "1000"

import botocore.session
from moto.moto_server.threaded_moto_server import ThreadedMotoServer

REGION = "eu-west-1"
ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
_, port = server.get_host_and_port()
url = f"http://127.0.0.1:{port}"


def client(name):
    keys = {"aws_access_key_id": "any", "aws_secret_access_key": "any"}
    return botocore.session.Session().create_client(name, REGION, endpoint_url=url, **keys)


iam = client("iam")
iam.create_user(UserName="user")
iam.put_user_policy(UserName="user", PolicyName="all", PolicyDocument=json.dumps(ALL))
key = iam.create_access_key(UserName="user")["AccessKey"]
client("s3").create_bucket(Bucket="bucket", CreateBucketConfiguration={"LocationConstraint": REGION})
verify = urllib.request.Request(f"{url}/moto-api/reset-auth", b"0", {"Content-Type": "text/plain"})
urllib.request.urlopen(verify).read()
print(json.dumps({"port": port, "id": key["AccessKeyId"], "secret": key["SecretAccessKey"]}), flush=True)
sys.stdin.read()
os._exit(0)
