using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ApiKeyAuth.Sqlite.Migrations
{
    /// <inheritdoc />
    internal partial class SaltedHashes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Prefix",
                table: "ApiKeyAuthSecrets",
                type: "TEXT",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "SaltedHash",
                table: "ApiKeyAuthSecrets",
                type: "TEXT",
                maxLength: 512,
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_ApiKeyAuthSecrets_Prefix",
                table: "ApiKeyAuthSecrets",
                column: "Prefix");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_ApiKeyAuthSecrets_Prefix",
                table: "ApiKeyAuthSecrets");

            migrationBuilder.DropColumn(
                name: "Prefix",
                table: "ApiKeyAuthSecrets");

            migrationBuilder.DropColumn(
                name: "SaltedHash",
                table: "ApiKeyAuthSecrets");
        }
    }
}
