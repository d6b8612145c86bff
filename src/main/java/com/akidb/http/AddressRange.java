package com.akidb.http;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Addresses that begin with the same bits, such as {@code 10.0.0.0/8}, {@code fd00::/8} or one alone. Only numbers are
 * read; names are not looked up.
 */
public record AddressRange(InetAddress first, int bits) {

    /** @throws IllegalArgumentException if it is not one */
    public static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        if (bytes == null) {
            throw new IllegalArgumentException("'" + text + "' is not an address such as 10.0.0.7 or 10.0.0.0/8");
        }
        int all = bytes.length * 8;
        int bits = all;
        if (slash >= 0) {
            String length = text.substring(slash + 1);
            if (!length.matches("\\d{1,3}") || Integer.parseInt(length) > all) {
                throw new IllegalArgumentException("'" + text + "' must end in /0 to /" + all);
            }
            bits = Integer.parseInt(length);
        }
        return new AddressRange(address(bytes), bits);
    }

    /** An address of 4 or 16 bytes. */
    public static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    public boolean contains(@Nullable InetAddress address) {
        if (address == null) {
            return false;
        }
        byte[] wanted = first.getAddress();
        byte[] given = address.getAddress();
        if (wanted.length != given.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> bit % 8;
            if ((wanted[bit / 8] & mask) != (given[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }
}
