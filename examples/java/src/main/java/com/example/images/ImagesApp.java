package com.example.images;

import software.amazon.awscdk.App;

public final class ImagesApp {
    private ImagesApp() {
    }

    public static void main(final String[] args) {
        final App app = new App();
        new QuickStartStack(app, "QuickStart");
        new ImportedBucketStack(app, "ImportedBucket");
        app.synth();
    }
}
