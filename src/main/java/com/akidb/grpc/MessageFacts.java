package com.akidb.grpc;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import org.jspecify.annotations.Nullable;

/**
 * What quotas and the audit log want to know about a request's message. Told by the names of its fields, which mean the
 * same in all of AkiDB's messages.
 *
 * @param target the collection it names; null if it names none
 * @param rows documents that it would write or delete
 * @param texts texts that it would have embedded
 */
record MessageFacts(@Nullable String target, long rows, long texts) {

    static MessageFacts of(Object message) {
        if (!(message instanceof Message known)) {
            return new MessageFacts(null, 0, 0);
        }
        long texts = count(known, "texts");
        long documents = count(known, "documents");
        boolean one = field(known, "document") != null;
        for (int i = 0; i < documents; i++) {
            texts += textsIn((Message) known.getRepeatedField(field(known, "documents"), i));
        }
        if (one) {
            texts += textsIn((Message) known.getField(field(known, "document")));
        }
        texts += textsIn(known);
        boolean deletes = known.getDescriptorForType().getName().startsWith("DeleteDocument");
        return new MessageFacts(target(known), one || deletes ? 1 : documents, texts);
    }

    private static @Nullable String target(Message message) {
        FieldDescriptor collection = field(message, "collection");
        FieldDescriptor named = collection == null ? field(message, "name") : collection;
        return named != null && named.getJavaType() == FieldDescriptor.JavaType.STRING
                ? (String) message.getField(named)
                : null;
    }

    /** 1 if the message has a text or a query and no vector beside it. */
    private static int textsIn(Message message) {
        boolean text = isSet(message, "text") || isSet(message, "query");
        boolean vector = count(message, "vector") > 0 || count(message, "query_vector") > 0;
        return text && !vector ? 1 : 0;
    }

    private static boolean isSet(Message message, String name) {
        FieldDescriptor field = field(message, name);
        return field != null && !field.isRepeated() && !message.getField(field).equals("");
    }

    private static int count(Message message, String name) {
        FieldDescriptor field = field(message, name);
        return field != null && field.isRepeated() ? message.getRepeatedFieldCount(field) : 0;
    }

    private static @Nullable FieldDescriptor field(Message message, String name) {
        return message.getDescriptorForType().findFieldByName(name);
    }
}
