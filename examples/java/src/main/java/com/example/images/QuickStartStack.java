package com.example.images;

import io.github.cdkimageresizepipeline.ImageResizePipeline;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.constructs.Construct;

/** The construct with its defaults: three JPEG renditions of every image, and a record of each. */
public class QuickStartStack extends Stack {
    public QuickStartStack(final Construct scope, final String id) {
        super(scope, id);

        final ImageResizePipeline pipeline = ImageResizePipeline.Builder.create(this, "Images")
            // An example leaves nothing behind. Without this line, buckets and table outlive their stack.
            .removalPolicy(RemovalPolicy.DESTROY)
            .build();

        output("InputBucketName", pipeline.getSourceBucket().getBucketName());
        output("OutputBucketName", pipeline.getOutputBucket().getBucketName());
        output("TableName", pipeline.getTable().getTableName());
    }

    private void output(final String name, final String value) {
        CfnOutput.Builder.create(this, name).value(value).build();
    }
}
