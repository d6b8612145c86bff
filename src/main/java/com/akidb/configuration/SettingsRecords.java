package com.akidb.configuration;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The records that settings are bound to, as the compiler noted them in the configuration metadata.
 *
 * @param records in the order of the metadata
 * @param keys every key that may be set, also those without a record
 */
record SettingsRecords(List<SettingsRecord> records, KnownKeys keys) {

    private static final String METADATA = "META-INF/spring-configuration-metadata.json";
    private static final String ROOT = "akidb.";

    /**
     * One record.
     *
     * @param prefix of its keys, such as {@code akidb.models}
     */
    record SettingsRecord(String prefix, Class<?> type) {}

    static SettingsRecords read(ClassLoader loader) {
        try {
            List<SettingsRecord> records = new ArrayList<>();
            KnownKeys keys = new KnownKeys();
            for (URL url : Collections.list(loader.getResources(METADATA))) {
                try (InputStream in = url.openStream()) {
                    read(JsonMapper.shared().readTree(in), loader, records, keys);
                }
                if (!records.isEmpty()) {
                    return new SettingsRecords(records, keys);
                }
            }
            throw new IllegalStateException("No " + METADATA + " describes the settings of AkiDB");
        } catch (IOException | ClassNotFoundException e) {
            throw new IllegalStateException("The configuration metadata is unreadable", e);
        }
    }

    private static void read(JsonNode metadata, ClassLoader loader, List<SettingsRecord> records, KnownKeys keys)
            throws ClassNotFoundException {
        for (JsonNode group : metadata.path("groups")) {
            String type = group.path("type").asString("");
            String prefix = group.path("name").asString("");
            if (prefix.startsWith(ROOT) && type.equals(group.path("sourceType").asString(""))) {
                Class<?> settings = Class.forName(type, false, loader);
                records.add(new SettingsRecord(prefix, settings));
                if (settings.isRecord()) {
                    keys.addRecord(prefix, settings);
                }
            }
        }
        for (JsonNode property : metadata.path("properties")) {
            String name = property.path("name").asString("");
            if (name.startsWith(ROOT)) {
                keys.add(name);
            }
        }
    }
}
