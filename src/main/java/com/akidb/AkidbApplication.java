package com.akidb;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts the server: REST and gRPC over one embedding manager and one table engine. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class AkidbApplication {

    public static void main(String[] args) {
        SpringApplication.run(AkidbApplication.class, args);
    }
}
