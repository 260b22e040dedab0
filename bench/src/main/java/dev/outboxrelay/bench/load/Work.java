package dev.outboxrelay.bench.load;

/** What one of several workers does over and over, with connections of its own. */
interface Work extends AutoCloseable {

    /** Does it once; returns when it is done for good. */
    void once() throws Exception;

    @Override
    void close() throws Exception;

    /** Makes the work of one worker. */
    interface Maker {
        Work make() throws Exception;
    }
}
