package dev.outboxrelay.relay.binlog;

import io.debezium.config.Configuration;
import io.debezium.connector.base.QueueProvider;
import io.debezium.connector.base.QueueProviderService;
import io.debezium.connector.mysql.MySqlConnectorTask;
import io.debezium.pipeline.DataChangeEvent;
import io.debezium.service.spi.ServiceProvider;
import io.debezium.service.spi.ServiceRegistry;

/** Debezium's MySQL task with our {@link HandOver} in the place of its queue. */
final class OutboxTask extends MySqlConnectorTask {

    private final QueueProvider<DataChangeEvent> queue;

    OutboxTask(QueueProvider<DataChangeEvent> queue) {
        this.queue = queue;
    }

    @Override
    protected void registerServiceProviders(ServiceRegistry services) {
        super.registerServiceProviders(services);
        services.registerServiceProvider(new OurQueue());
    }

    private final class OurQueue implements ServiceProvider<QueueProviderService> {

        @Override
        public QueueProviderService createService(Configuration configuration, ServiceRegistry services) {
            return new QueueProviderService(queue);
        }

        @Override
        public Class<QueueProviderService> getServiceClass() {
            return QueueProviderService.class;
        }
    }
}
