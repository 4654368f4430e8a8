IF SCHEMA_ID(N'keys') IS NULL EXEC(N'CREATE SCHEMA [keys];');
GO


CREATE TABLE [keys].[ApiKeyAuthAudit] (
    [Id] nvarchar(32) COLLATE Latin1_General_100_BIN2 NOT NULL,
    [At] bigint NOT NULL,
    [Action] nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    [KeyId] nvarchar(200) COLLATE Latin1_General_100_BIN2 NOT NULL,
    [TenantId] nvarchar(400) COLLATE Latin1_General_100_BIN2 NULL,
    [Actor] nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
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
    [ExpiresAt] bigint NULL,
    [ExpiresOnDate] bit NOT NULL,
    [CreatedAt] bigint NOT NULL,
    [CreatedBy] nvarchar(max) COLLATE Latin1_General_100_BIN2 NULL,
    [Version] bigint NOT NULL,
    CONSTRAINT [PK_ApiKeyAuthKeys] PRIMARY KEY ([Id])
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


CREATE TABLE [keys].[ApiKeyAuthSecrets] (
    [Digest] binary(32) NOT NULL,
    [PepperId] nvarchar(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
    [KeyId] nvarchar(200) COLLATE Latin1_General_100_BIN2 NOT NULL,
    [Position] int NOT NULL,
    [Hint] nvarchar(max) COLLATE Latin1_General_100_BIN2 NOT NULL,
    [CreatedAt] bigint NOT NULL,
    [ExpiresAt] bigint NULL,
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


CREATE INDEX [IX_ApiKeyAuthAudit_KeyId_Id] ON [keys].[ApiKeyAuthAudit] ([KeyId], [Id]);
GO


CREATE INDEX [IX_ApiKeyAuthAudit_TenantId_Id] ON [keys].[ApiKeyAuthAudit] ([TenantId], [Id]);
GO


CREATE INDEX [IX_ApiKeyAuthKeys_CreatedAt_Id] ON [keys].[ApiKeyAuthKeys] ([CreatedAt] DESC, [Id]);
GO


CREATE INDEX [IX_ApiKeyAuthKeys_ExpiresAt] ON [keys].[ApiKeyAuthKeys] ([ExpiresAt]);
GO


CREATE INDEX [IX_ApiKeyAuthKeys_OwnerId] ON [keys].[ApiKeyAuthKeys] ([OwnerId]);
GO


CREATE INDEX [IX_ApiKeyAuthKeys_TenantId_CreatedAt_Id] ON [keys].[ApiKeyAuthKeys] ([TenantId], [CreatedAt] DESC, [Id]);
GO


CREATE INDEX [IX_ApiKeyAuthSecrets_KeyId] ON [keys].[ApiKeyAuthSecrets] ([KeyId]);
GO


CREATE INDEX [IX_ApiKeyAuthUsageBatches_At] ON [keys].[ApiKeyAuthUsageBatches] ([At]);
GO


CREATE INDEX [IX_ApiKeyAuthUsageHistory_IsDay_Start] ON [keys].[ApiKeyAuthUsageHistory] ([IsDay], [Start]);
GO
