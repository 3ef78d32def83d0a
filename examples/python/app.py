from aws_cdk import App

from imported_bucket_stack import ImportedBucketStack
from quick_start_stack import QuickStartStack

app = App()
QuickStartStack(app, "QuickStart")
ImportedBucketStack(app, "ImportedBucket")
app.synth()
