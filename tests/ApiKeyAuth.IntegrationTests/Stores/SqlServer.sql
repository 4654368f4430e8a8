IF SCHEMA_ID(N'keys') IS NULL EXEC(N'CREATE SCHEMA [keys];');
GO


CREATE TABLE [keys].[ApiKeyAuthAlertDeliveries] (
    [AlertId] nvarchar(80) COLLATE Latin1_General_100_BIN2 NOT NULL,
    [Target] nvarchar(200) COLLATE Latin1_General_100_BIN2 NOT NULL,
    [Alert] nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    [At] bigint NOT NULL,
    [NextAt] bigint NOT NULL,
    [Attempts] int NOT NULL,
    CONSTRAINT [PK_ApiKeyAuthAlertDeliveries] PRIMARY KEY ([AlertId], [Target])
);
GO


CREATE TABLE [keys].[ApiKeyAuthAlertHistory] (
    [AlertId] nvarchar(80) COLLATE Latin1_General_100_BIN2 NOT NULL,
    [Target] nvarchar(200) COLLATE Latin1_General_100_BIN2 NOT NULL,
    [Kind] nvarchar(40) COLLATE Latin1_General_100_BIN2 NOT NULL,
    [KeyId] nvarchar(200) COLLATE Latin1_General_100_BIN2 NOT NULL,
    [TenantId] nvarchar(400) COLLATE Latin1_General_100_BIN2 NULL,
    [At] bigint NOT NULL,
    [Attempts] int NOT NULL,
    [Outcome] int NOT NULL,
    [Reason] nvarchar(100) COLLATE Latin1_General_100_BIN2 NULL,
    [NextAt] bigint NULL,
    CONSTRAINT [PK_ApiKeyAuthAlertHistory] PRIMARY KEY ([AlertId], [Target])
);
GO


CREATE TABLE [keys].[ApiKeyAuthAlerts] (
    [KeyId] nvarchar(200) COLLATE Latin1_General_100_BIN2 NOT NULL,
    [Kind] nvarchar(40) COLLATE Latin1_General_100_BIN2 NOT NULL,
    [About] nvarchar(50) COLLATE Latin1_General_100_BIN2 NOT NULL,
    [Id] nvarchar(32) COLLATE Latin1_General_100_BIN2 NULL,
    [BeganAt] bigint NOT NULL,
    [Until] bigint NOT NULL,
    [KeyName] nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    [TenantId] nvarchar(400) COLLATE Latin1_General_100_BIN2 NULL,
    CONSTRAINT [PK_ApiKeyAuthAlerts] PRIMARY KEY ([KeyId], [Kind], [About])
);
GO


CREATE TABLE [keys].[ApiKeyAuthAudit] (
    [Id] nvarchar(32) COLLATE Latin1_General_100_BIN2 NOT NULL,
    [At] bigint NOT NULL,
    [Action] nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    [KeyId] nvarchar(200) COLLATE Latin1_General_100_BIN2 NOT NULL,
    [TenantId] nvarchar(400) COLLATE Latin1_General_100_BIN2 NULL,
    [Actor] nvarchar(400) COLLATE Latin1_General_100_BIN2 NOT NULL,
    [Address] nvarchar(max) COLLATE Latin1_General_100_BIN2 NULL,
    [Changes] nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    CONSTRAINT [PK_ApiKeyAuthAudit] PRIMARY KEY ([Id])
);
GO


CREATE TABLE [keys].[ApiKeyAuthKeys] (
    [Id] nvarchar(200) COLLATE Latin1_General_100_BIN2 NOT NULL,
    [Name] nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    [Kind] nvarchar(max) COLLATE Latin1_General_100_BIN2 NULL,
    [Environment] nvarchar(max) COLLATE Latin1_General_100_BIN2 NULL,
    [TenantId] nvarchar(400) COLLATE Latin1_General_100_BIN2 NULL,
    [OwnerId] nvarchar(400) COLLATE Latin1_General_100_BIN2 NULL,
    [Scopes] nvarchar(max) COLLATE Latin1_General_100_BIN2 NULL,
    [RateLimits] nvarchar(max) COLLATE Latin1_General_100_BIN2 NULL,
    [Networks] nvarchar(max) COLLATE Latin1_General_100_BIN2 NULL,
    [Audiences] nvarchar(max) COLLATE Latin1_General_100_BIN2 NULL,
    [Metadata] nvarchar(max) COLLATE Latin1_General_100_BIN2 NULL,
    [Enabled] bit NOT NULL,
    [RevokedAt] bigint NULL,
    [RevocationReason] nvarchar(max) COLLATE Latin1_General_100_BIN2 NULL,
    [ExpiresAt] bigint NULL,
    [ExpiresOnDate] bit NOT NULL,
    [NotBefore] bigint NULL,
    [ExpiresAfterIdleDays] int NULL,
    [CreatedAt] bigint NOT NULL,
    [CreatedBy] nvarchar(400) COLLATE Latin1_General_100_BIN2 NULL,
    [Version] bigint NOT NULL,
    CONSTRAINT [PK_ApiKeyAuthKeys] PRIMARY KEY ([Id])
);
GO


CREATE TABLE [keys].[ApiKeyAuthMemberCount] (
    [Id] int NOT NULL,
    [Count] int NOT NULL,
    CONSTRAINT [PK_ApiKeyAuthMemberCount] PRIMARY KEY ([Id])
);
GO


CREATE TABLE [keys].[ApiKeyAuthQuotas] (
    [Tenant] nvarchar(401) COLLATE Latin1_General_100_BIN2 NOT NULL,
    [Additions] bigint NOT NULL,
    CONSTRAINT [PK_ApiKeyAuthQuotas] PRIMARY KEY ([Tenant])
);
GO


CREATE TABLE [keys].[ApiKeyAuthUsageBatches] (
    [Id] nvarchar(32) COLLATE Latin1_General_100_BIN2 NOT NULL,
    [At] bigint NOT NULL,
    CONSTRAINT [PK_ApiKeyAuthUsageBatches] PRIMARY KEY ([Id])
);
GO


CREATE TABLE [keys].[ApiKeyAuthAlertSettings] (
    [Subject] nvarchar(420) COLLATE Latin1_General_100_BIN2 NOT NULL,
    [KeyId] nvarchar(200) COLLATE Latin1_General_100_BIN2 NULL,
    [UnusualActivity] bit NOT NULL,
    [HighUsage] bigint NULL,
    [HighUsageDaily] bit NOT NULL,
    [Failures] bigint NULL,
    [FailuresDaily] bit NOT NULL,
    CONSTRAINT [PK_ApiKeyAuthAlertSettings] PRIMARY KEY ([Subject]),
    CONSTRAINT [FK_ApiKeyAuthAlertSettings_ApiKeyAuthKeys_KeyId] FOREIGN KEY ([KeyId]) REFERENCES [keys].[ApiKeyAuthKeys] ([Id]) ON DELETE CASCADE
);
GO


CREATE TABLE [keys].[ApiKeyAuthSecrets] (
    [Digest] binary(32) NOT NULL,
    [PepperId] nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
    [KeyId] nvarchar(200) COLLATE Latin1_General_100_BIN2 NOT NULL,
    [Position] int NOT NULL,
    [Hint] nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    [CreatedAt] bigint NOT NULL,
    [ExpiresAt] bigint NULL,
    [LeakedAt] bigint NULL,
    [Prefix] nvarchar(64) COLLATE Latin1_General_100_BIN2 NULL,
    [SaltedHash] nvarchar(512) COLLATE Latin1_General_100_BIN2 NULL,
    [LastUsedAt] bigint NULL,
    CONSTRAINT [PK_ApiKeyAuthSecrets] PRIMARY KEY ([Digest], [PepperId]),
    CONSTRAINT [FK_ApiKeyAuthSecrets_ApiKeyAuthKeys_KeyId] FOREIGN KEY ([KeyId]) REFERENCES [keys].[ApiKeyAuthKeys] ([Id]) ON DELETE CASCADE
);
GO


CREATE TABLE [keys].[ApiKeyAuthUsage] (
    [KeyId] nvarchar(200) COLLATE Latin1_General_100_BIN2 NOT NULL,
    [Count] bigint NOT NULL,
    [LastUsedAt] bigint NULL,
    CONSTRAINT [PK_ApiKeyAuthUsage] PRIMARY KEY ([KeyId]),
    CONSTRAINT [FK_ApiKeyAuthUsage_ApiKeyAuthKeys_KeyId] FOREIGN KEY ([KeyId]) REFERENCES [keys].[ApiKeyAuthKeys] ([Id]) ON DELETE CASCADE
);
GO


CREATE TABLE [keys].[ApiKeyAuthUsageHistory] (
    [KeyId] nvarchar(200) COLLATE Latin1_General_100_BIN2 NOT NULL,
    [Start] bigint NOT NULL,
    [IsDay] bit NOT NULL,
    [Outcome] nvarchar(40) COLLATE Latin1_General_100_BIN2 NOT NULL,
    [Country] nvarchar(2) COLLATE Latin1_General_100_BIN2 NOT NULL,
    [Network] nvarchar(50) COLLATE Latin1_General_100_BIN2 NOT NULL,
    [Count] bigint NOT NULL,
    CONSTRAINT [PK_ApiKeyAuthUsageHistory] PRIMARY KEY ([KeyId], [Start], [IsDay], [Outcome], [Country], [Network]),
    CONSTRAINT [FK_ApiKeyAuthUsageHistory_ApiKeyAuthUsage_KeyId] FOREIGN KEY ([KeyId]) REFERENCES [keys].[ApiKeyAuthUsage] ([KeyId]) ON DELETE CASCADE
);
GO


CREATE TABLE [keys].[ApiKeyAuthUsageScopes] (
    [KeyId] nvarchar(200) COLLATE Latin1_General_100_BIN2 NOT NULL,
    [Scope] nvarchar(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
    [LastUsedAt] bigint NOT NULL,
    CONSTRAINT [PK_ApiKeyAuthUsageScopes] PRIMARY KEY ([KeyId], [Scope]),
    CONSTRAINT [FK_ApiKeyAuthUsageScopes_ApiKeyAuthUsage_KeyId] FOREIGN KEY ([KeyId]) REFERENCES [keys].[ApiKeyAuthUsage] ([KeyId]) ON DELETE CASCADE
);
GO


CREATE INDEX [IX_ApiKeyAuthAlertDeliveries_Target_NextAt] ON [keys].[ApiKeyAuthAlertDeliveries] ([Target], [NextAt]);
GO


CREATE INDEX [IX_ApiKeyAuthAlertHistory_Target_At] ON [keys].[ApiKeyAuthAlertHistory] ([Target], [At]);
GO


CREATE INDEX [IX_ApiKeyAuthAlertSettings_KeyId] ON [keys].[ApiKeyAuthAlertSettings] ([KeyId]);
GO


CREATE INDEX [IX_ApiKeyAuthAlerts_Kind_Id] ON [keys].[ApiKeyAuthAlerts] ([Kind], [Id]);
GO


CREATE INDEX [IX_ApiKeyAuthAlerts_Until] ON [keys].[ApiKeyAuthAlerts] ([Until]);
GO


CREATE INDEX [IX_ApiKeyAuthAudit_Actor_Id] ON [keys].[ApiKeyAuthAudit] ([Actor], [Id]);
GO


CREATE INDEX [IX_ApiKeyAuthAudit_KeyId_Id] ON [keys].[ApiKeyAuthAudit] ([KeyId], [Id]);
GO


CREATE INDEX [IX_ApiKeyAuthAudit_TenantId_Id] ON [keys].[ApiKeyAuthAudit] ([TenantId], [Id]);
GO


CREATE INDEX [IX_ApiKeyAuthKeys_CreatedAt_Id] ON [keys].[ApiKeyAuthKeys] ([CreatedAt] DESC, [Id]);
GO


CREATE INDEX [IX_ApiKeyAuthKeys_CreatedBy] ON [keys].[ApiKeyAuthKeys] ([CreatedBy]);
GO


CREATE INDEX [IX_ApiKeyAuthKeys_ExpiresAfterIdleDays] ON [keys].[ApiKeyAuthKeys] ([ExpiresAfterIdleDays]);
GO


CREATE INDEX [IX_ApiKeyAuthKeys_ExpiresAt] ON [keys].[ApiKeyAuthKeys] ([ExpiresAt]);
GO


CREATE INDEX [IX_ApiKeyAuthKeys_OwnerId_CreatedAt_Id] ON [keys].[ApiKeyAuthKeys] ([OwnerId], [CreatedAt] DESC, [Id]);
GO


CREATE INDEX [IX_ApiKeyAuthKeys_TenantId_CreatedAt_Id] ON [keys].[ApiKeyAuthKeys] ([TenantId], [CreatedAt] DESC, [Id]);
GO


CREATE INDEX [IX_ApiKeyAuthSecrets_KeyId] ON [keys].[ApiKeyAuthSecrets] ([KeyId]);
GO


CREATE INDEX [IX_ApiKeyAuthSecrets_Prefix] ON [keys].[ApiKeyAuthSecrets] ([Prefix]);
GO


CREATE INDEX [IX_ApiKeyAuthUsageBatches_At] ON [keys].[ApiKeyAuthUsageBatches] ([At]);
GO


CREATE INDEX [IX_ApiKeyAuthUsageHistory_IsDay_Start] ON [keys].[ApiKeyAuthUsageHistory] ([IsDay], [Start]);
GO
