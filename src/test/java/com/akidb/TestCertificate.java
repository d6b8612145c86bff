package com.akidb;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A certificate that the JDK's keytool made for a test, with its private key. */
public record TestCertificate(Certificate certificate, byte[] privateKey) {

    private static final char[] PASSWORD = "changeit".toCharArray();

    /** Who signs certificates. */
    public record Authority(Path store) {

        public static Authority make(Path directory) throws Exception {
            Path store = directory.resolve("authority" + System.nanoTime() + ".p12");
            keytool(store, "authority", "-dname", "CN=AkiDB test authority", "-ext", "bc:c", "-validity", "90");
            return new Authority(store);
        }

        public Certificate certificate() throws Exception {
            return load(store).getCertificate("authority");
        }

        /**
         * Makes a certificate.
         *
         * @param host that it is for, such as {@code ip:127.0.0.1}
         * @param startDate such as {@code -10d}
         */
        public TestCertificate issue(String host, String startDate, int days) throws Exception {
            String alias = "server" + System.nanoTime();
            keytool(
                    store,
                    alias,
                    "-dname",
                    "CN=AkiDB test",
                    "-ext",
                    "san=" + host,
                    "-startdate",
                    startDate,
                    "-validity",
                    Integer.toString(days),
                    "-signer",
                    "authority");
            KeyStore keys = load(store);
            return new TestCertificate(
                    keys.getCertificate(alias), keys.getKey(alias, PASSWORD).getEncoded());
        }
    }

    private static KeyStore load(Path store) throws Exception {
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, PASSWORD);
            return keys;
        }
    }

    private static void keytool(Path store, String alias, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair"));
        command.addAll(List.of("-keystore", store.toString(), "-storepass", new String(PASSWORD), "-alias", alias));
        command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1"));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(output);
        }
    }

    /** Writes it as PEM files; each is whole from one moment to the next. */
    public void writeTo(Path certificateFile, Path keyFile) throws IOException, GeneralSecurityException {
        replace(keyFile, pem("PRIVATE KEY", privateKey));
        replace(certificateFile, pem("CERTIFICATE", certificate.getEncoded()));
    }

    /** What PEM calls a certificate. */
    public static String pem(Certificate certificate) throws GeneralSecurityException {
        return pem("CERTIFICATE", certificate.getEncoded());
    }

    /** The certificate and its key as a store of the JDK with that password. */
    KeyStore store(char[] password) throws GeneralSecurityException, IOException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(privateKey));
        keys.setKeyEntry("own", key, password, new Certificate[] {certificate});
        return keys;
    }

    private static void replace(Path file, String content) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(temporary, content);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String pem(String type, byte[] content) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + type
                + "-----\n";
    }
}
